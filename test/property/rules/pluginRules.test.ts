import { describeHistories } from "../describeHistories";
import { rulesOfPlugin } from "../plays";

// other stories than the dynamic provider's: what both fronts do with one is nearly all the same code
describeHistories(376, 125, rulesOfPlugin);
