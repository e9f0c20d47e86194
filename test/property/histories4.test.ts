import { describeHistories } from "./describeHistories";

describeHistories(1501, 500);
