// Stands for @jest/globals, which only Jest's own runner provides.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis
