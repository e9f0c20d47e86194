import { describeHistories } from "../describeHistories";
import { rules } from "../plays";

describeHistories(251, 125, rules);
