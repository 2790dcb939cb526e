// src/report/project.ts
const PROJECT = "https://github.com/custos-audit/custos";
export { PROJECT as t };
