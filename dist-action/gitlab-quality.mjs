export { n as renderGitlabQuality } from "./gitlab-quality2.mjs";
