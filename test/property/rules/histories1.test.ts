import { describeHistories } from "../describeHistories";
import { playRulesHistory } from "./rulesHistory";

describeHistories(1, 250, playRulesHistory);
