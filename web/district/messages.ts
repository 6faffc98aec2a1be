const zh = {};

const en: typeof zh = {};

export const districtMessages = { zh, en };
