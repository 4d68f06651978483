/** The present time as a NumericDate: seconds since 1970 (RFC 7519 section 2). */
export type Clock = () => number
