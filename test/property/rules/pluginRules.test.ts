import { describeHistories } from "../describeHistories";
import { rulesOfPlugin } from "../plays";

describeHistories(1, 125, rulesOfPlugin);
