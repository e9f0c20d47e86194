export { FindingsAssignment } from "./findingsAssignment";
