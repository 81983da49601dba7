
export type Screen = "cycle"|"grid"|"sync"|"new_cycle";
