import { describeHistories } from "./describeHistories";

describeHistories(1001, 125);
