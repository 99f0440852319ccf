export { Members } from './Members'
