import { describeHistories } from "./describeHistories";
import { listsOfPlugin } from "./plays";

// other stories than the dynamic provider's: what both fronts do with one is nearly all the same code
describeHistories(1126, 375, listsOfPlugin);
