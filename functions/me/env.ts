// This function needs nothing but its event; the file stands so that every slice has the same four.
export type MeEnvName = never
