export { ProblemCount, Problems } from './Problems'
