share-title = Lessons
share-lead = What teams have learned, within reach of the others.
share-none = No lesson yet.
share-none-hint = A lesson is written at the Decide step of a cycle: what was done, under which conditions, what it costs.
share-untitled = Untitled lesson
share-cycle = See the cycle
share-none-act = See the cycles
