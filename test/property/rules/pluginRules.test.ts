import { describeHistories } from "../describeHistories";
import { rulesOfPlugin } from "../plays";

// Other seeds than the dynamic provider's: both run nearly the same code, and the same seeds would show little
// more.
describeHistories(376, 125, rulesOfPlugin);
