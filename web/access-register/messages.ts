const zh = {};

const en: typeof zh = {};

export const accessRegisterMessages = { zh, en };
