/** The number of a version, as people count them: the sign behind it only tells two of one number apart. */
export const numberOf = (version: string): string => version.split("-")[0] ?? version;
