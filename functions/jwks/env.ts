// The keys come with the custom resource's properties, so there is nothing to configure.
export type JwksEnvName = never
