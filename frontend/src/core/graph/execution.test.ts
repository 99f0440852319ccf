import { describe, expect, it } from 'vitest'
import { executionLine, executionShown, executionWords, readExecution, withEnvironments, withExecution } from './execution'

describe('execution', () => {
  it('forgets what went back to its default', () => {
    expect(withExecution({ retries: 2, memory_mb: 512 }, 'retries', undefined)).toEqual({ memory_mb: 512 })
    expect(withExecution(undefined, 'retries', 3)).toEqual({ retries: 3 })
  })

  it.each([null, 'docker', 3, [], {}])('is nothing in a document that holds %j', (held) => expect(readExecution(held)).toBeUndefined())

  it('shows only what matters', () => {
    const names = (execution: Parameters<typeof executionShown>[0]) => executionShown(execution).map(({ name }) => name)
    expect(names(undefined)).toEqual(['target', 'retries', 'timeout_seconds', 'memory_mb'])
    expect(names({ target: 'docker', retries: 1 })).toEqual(['target', 'environment', 'retries', 'backoff_seconds', 'timeout_seconds', 'memory_mb'])
    expect(names({ target: 'sandbox' })).toContain('environment')
    expect(executionShown(undefined, true).map(({ name }) => name)).toContain('environment')
  })

  it('starts from what the pipeline says of all, and may say otherwise', () => {
    const all = { target: 'docker', environment: 'maps', retries: 3, memory_mb: 512 } as const
    const told = (own: Parameters<typeof executionShown>[0]) => executionShown(own, false, all).map(({ name, default: usual, inherited }) => [name, usual, inherited])
    expect(told({ retries: 0 })).toEqual([['target', 'docker', true], ['environment', 'maps', true], ['retries', 3, false], ['timeout_seconds', null, false], ['memory_mb', 512, true]])
    expect(told({ target: 'worker' })).toEqual([['target', 'docker', false], ['retries', 3, true], ['backoff_seconds', 2, false], ['timeout_seconds', null, false], ['memory_mb', 512, true]])
    expect(executionShown({}, true, { target: 'docker' })[0]).toMatchObject({ default: 'docker', choices: [{ value: 'sandbox' }, { value: 'docker' }] })
  })

  it('offers a Ray cluster where there is one, and shows it where it is set', () => {
    const offered = (...how: Parameters<typeof executionShown>) => executionShown(...how)[0]!.choices!.map(({ value }) => value)
    expect(offered({}, false, {}, true)).toEqual(['worker', 'sandbox', 'docker', 'ray'])
    expect(offered({})).toEqual(['worker', 'sandbox', 'docker'])
    expect(offered({ target: 'ray' })).toContain('ray')
    expect(offered({}, true, {}, true)).toEqual(['sandbox', 'docker'])
  })

  it('offers people’s code no place in the worker itself', () => {
    const [where] = executionShown(undefined, true)
    expect([where?.default, where?.choices?.map(({ value }) => value)]).toEqual(['sandbox', ['sandbox', 'docker']])
  })

  it('offers the environments there are, and the named one in any case', () => {
    const setting = executionShown({ target: 'docker' })[1]!
    expect(withEnvironments(setting, ['maps'], 'torch').choices).toEqual([{ value: 'maps', title: 'maps' }, { value: 'torch', title: 'torch (missing)' }])
    expect(withEnvironments(setting, ['maps'], 'maps').choices).toHaveLength(1)
  })

  it('says what is not as usual, with units', () => {
    expect(executionWords({ target: 'worker', retries: 0, backoff_seconds: 9 })).toEqual([])
    expect(executionWords({ target: 'docker', environment: 'torch', retries: 1, timeout_seconds: 90, memory_mb: 2048 }))
      .toEqual(['In a container, environment torch', 'Up to 1 retry', 'At most 90 seconds', 'At most 2,048 MB of memory'])
    expect(executionWords({ target: 'sandbox', environment: 'torch' })).toEqual(['In a sandbox, environment torch'])
    expect(executionWords({ environment: 'torch' }, true)).toEqual(['Environment torch'])
    expect(executionWords({ environment: 'torch' })).toEqual([])
  })
})

it('says on one line where a step runs and within which limits', () => {
  expect(executionLine()).toBe('Worker · no limit')
  expect(executionLine(undefined, true)).toBe('Sandbox · no limit')
  expect(executionLine({ target: 'docker', environment: 'plots', retries: 1, timeout_seconds: 60, memory_mb: 512 })).toBe('Container · plots · 1 retry · 60\u00a0s, 512\u00a0MB')
})
