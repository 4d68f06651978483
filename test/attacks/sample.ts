/** Of all hostile bodies a route gets one in so many, and the next route others. `npm run races` sends all to all. */
export const sample = { oneBodyIn: 3 }
