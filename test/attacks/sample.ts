/**
 * Of all hostile bodies a route gets one in so many, and the next route others, and so many random ones. `npm run races` sends
 * all to all, and more random ones.
 */
export const sample = { oneBodyIn: 8, randomBodies: 6 }
