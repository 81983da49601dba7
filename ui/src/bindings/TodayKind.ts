
export type TodayKind = "start_cycle"|"review_values"|"backfill"|"enter_month"|"study_trial"|"decide"|"explain_sign"|"complete_aim"|"plan_trial";
