/** Of the random orders of a suite that calls DynamoDB in each, one in so many. `npm run races` has all. */
export const random = { oneRunIn: 4 }

export const numRuns = (all: number): number => Math.ceil(all / random.oneRunIn)
