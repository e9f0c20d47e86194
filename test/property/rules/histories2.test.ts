import { describeHistories } from "../describeHistories";
import { playRulesHistory } from "./rulesHistory";

describeHistories(251, 250, playRulesHistory);
