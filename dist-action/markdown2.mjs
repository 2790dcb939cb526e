export { n as renderMarkdown } from "./markdown.mjs";
