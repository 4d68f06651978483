/** Of the calls of an act one in so many meets a fault, the first or the second one first. `npm run races` has all. */
export const sample = { oneCallIn: 3 }

/** Whether a call of an act meets a fault: the first one does in any case, because some acts make no other. */
export const isSampled = (at: number, isSent: boolean): boolean =>
  at === 0 || (at + Number(isSent)) % sample.oneCallIn === 0
