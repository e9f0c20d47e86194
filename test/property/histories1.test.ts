import { describeHistories } from "./describeHistories";

describeHistories(1, 500);
