import { describeHistories } from "../describeHistories";
import { rules } from "../plays";

describeHistories(1, 250, rules);
