/** The address of the page that compares runs. */
export const comparison = (runs: string[], baseline?: string): string =>
  `/runs/compare?${new URLSearchParams([...runs.map((run) => ['run', run]), ...(baseline ? [['baseline', baseline]] : [])]).toString()}`
