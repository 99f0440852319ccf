export { ReportView } from './ReportView'
