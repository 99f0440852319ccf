/** Named copies of a pipeline. */

const LONGEST_NAME = 200

/** What a pipeline made of a version is called. */
export function copyName(pipeline: string, version: string): string {
  return [pipeline.trim(), version.trim()].filter(Boolean).join(', ').slice(0, LONGEST_NAME)
}
