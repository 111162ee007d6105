-- Tokens with which programs use the API. Each acts for whoever made it.
CREATE TABLE api_tokens (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    workspace  TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    scopes     TEXT   NOT NULL, -- separated by spaces
    created    BIGINT NOT NULL,
    used       BIGINT,
    revoked    BIGINT,
    UNIQUE (workspace, id),
    FOREIGN KEY (workspace, agent) REFERENCES accounts
);
SELECT isolate('api_tokens');
