/** Named versions of a pipeline. */

const LONGEST_NAME = 200

/** The name of a pipeline created from a version. */
export function copyName(pipeline: string, version: string): string {
  return [pipeline.trim(), version.trim()].filter(Boolean).join(', ').slice(0, LONGEST_NAME)
}
