/** JSON values. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Params = Record<string, Json>
export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
