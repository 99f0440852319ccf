/** What is wrong in a sub-pipeline, each with its module; a click goes there. */
import { Stack, UnstyledButton } from '@mantine/core'
import { nodeTitle } from '../../core/graph/connect'
import { wordsWithoutSubject } from '../../core/base/problems'
import { useCatalogue } from '../../state/catalogue'
import { currentGraph } from '../../state/document'
import { goToProblem, useProblems } from '../../state/problems'
import { ProblemLine } from './Field'

/** Some sentences begin with the module. */
function named(title: string, words: string) {
  return words.startsWith(title) ? words : `${title}: ${words}`
}

export function GroupProblems({ members }: { members: readonly string[] }) {
  const catalogue = useCatalogue()
  const inside = new Set(members)
  const problems = useProblems().filter(({ node }) => node !== null && inside.has(node))
  if (problems.length === 0) return null
  return (
    <Stack gap={4} mb={12}>
      {problems.map((problem, at) => (
        <UnstyledButton key={at} onClick={() => goToProblem(problem)}>
          <ProblemLine severity={problem.severity}>{named(nodeTitle(currentGraph(), catalogue, problem.node ?? ''), wordsWithoutSubject(problem, 1))}</ProblemLine>
        </UnstyledButton>
      ))}
    </Stack>
  )
}
