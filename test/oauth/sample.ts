/** Of the calls of an act one in so many meets a fault, the first or the second one first. `npm run races` has all. */
export const sample = { oneCallIn: 2 }
