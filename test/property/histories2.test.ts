import { describeHistories } from "./describeHistories";

describeHistories(501, 500);
