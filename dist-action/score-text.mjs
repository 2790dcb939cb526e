// src/report/score-text.ts
function gradeText({ grade, gradeHigh }) {
	return grade === gradeHigh ? grade : `${grade}…${gradeHigh}`;
}
function intervalText({ low, high }) {
	return low === high ? String(low) : `${low}–${high}`;
}
export { intervalText as n, gradeText as t };
