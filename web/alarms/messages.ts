const zh = {};

const en: typeof zh = {};

export const alarmMessages = { zh, en };
