export { issueCertificate } from './issue-certificate.js';
export type { IssuedCertificate, IssueOptions } from './issue-certificate.js';
