export declare const SECRET: string;
