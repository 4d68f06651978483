/** Of the random runs of a suite whose runs take their time, one in so many. `npm run races` has all. */
export const random = { oneRunIn: 4 }

export const numRuns = (all: number): number => Math.ceil(all / random.oneRunIn)
