import { describeHistories } from "../describeHistories";
import { rules } from "../plays";

describeHistories(251, 250, rules);
