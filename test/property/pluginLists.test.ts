import { describeHistories } from "./describeHistories";
import { listsOfPlugin } from "./plays";

describeHistories(1, 375, listsOfPlugin);
