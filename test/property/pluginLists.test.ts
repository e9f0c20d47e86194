import { describeHistories } from "./describeHistories";
import { listsOfPlugin } from "./plays";

// Other seeds than the dynamic provider's: both run nearly the same code, and the same seeds would show little
// more.
describeHistories(1126, 375, listsOfPlugin);
