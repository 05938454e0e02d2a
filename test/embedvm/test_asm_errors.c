/* SPDX-License-Identifier: BSD-2-Clause */
/* test_asm_errors.c - every error of the assembler, with its place; several in one text are all reported. */
#include "text.h"

#include <stdio.h>

typedef struct error_row {
    const char *source;
    const char *errors; /* without "dir/main.evs:", one a line */
} error_row_t;

static const error_row_t syntax_rows[] = {
    {"frob 1", "1:1: there is no instruction 'frob'\n"},
    {"add\n  .frob 1", "2:3: there is no directive '.frob'\n"},
    {". frob", "1:1: there is no directive '.frob'\n"},
    {".1", "1:1: a directive has a name\n"},
    {"1", "1:1: a label, an instruction or a directive is wanted here\n"},
    {"add 1", "1:5: the statement should end here\n"},
    {"push", "1:5: a number, a name or a parenthesis is wanted here\n"},
    {"push 1 +", "1:9: a number, a name or a parenthesis is wanted here\n"},
    {"push (1 + 2", "1:12: the closing ) is missing\n"},
    {"push ((((((((((((((((((1", "1:22: parentheses too deep\n"},
    {"push 0x", "1:6: a hexadecimal number has digits behind 0x\n"},
    {"push 12ab", "1:8: a letter in a number\n"},
    {"push 99999999999999", "1:6: the number is too large\n"},
    {"push 'ab'", "1:8: the closing ' is missing\n"},
    {"push '", "1:7: the closing ' is missing on this line\n"},
    {"push '\\q'", "1:7: unknown escape; there are \\n \\t \\r \\0 \\\\ \\\" \\' and \\xNN\n"},
    {".string \"ab\nadd", "1:12: the closing \" is missing on this line\n"},
    {".string ab", "1:9: .string wants a text in \"\"\n"},
    {".const 5", "1:8: .const wants a name and its value\n"},
    {".export 5", "1:9: .export wants a label and its number of arguments\n"},
    {".hostcall 5", "1:11: .hostcall wants a name and the numbers of API, call and arguments\n"},
    {".include lib", "1:10: .include wants a file in \"\"\n"},
    {".include \"lib", "1:10: .include wants a file in \"\"\n"},
    {".include \"none.evs\"", "1:10: cannot read the file 'none.evs'\n"},
    {"pop 5", "1:5: no argument or local of this name; pop also takes 'local n' and 'arg n'\n"},
    {"load16 [5]", "1:9: only 'top]' can stand here\n"},
    {"load16 5[x]", "1:10: only 'top]' can stand here\n"},
    {".memory 1\n.memory 2\nadd", "2:1: this was given before, in line 1\n"},
    {"a: add\na: add", "2:1: 'a' is defined twice\n"},
    {"top: add", "1:1: 'top' is a word of the language\n"},
    {".hostcall a 1 1 1\n.hostcall a 1 1 1", "2:11: 'a' is defined twice\n"},
    {"host", "1:5: host wants the name of a .hostcall\n"},
    {"host a", "1:6: no .hostcall above is called 'a'\n"},
    {"end", "1:1: 'end' without a function\n"},
    {"add\nfunction f()", "2:1: this function has no 'end'\n"},
    {"function f()\nfunction g()\nend", "2:1: a function in a function; the one before has no 'end'\n"},
    {"function f\nend", "1:11: the arguments of a function stand in parentheses\n"},
    {"function\nend", "1:9: a function has a name\n"},
    {"function f(a\nend", "1:13: the closing ) is missing\n"},
    {"function f(a,)\nend", "1:14: the name of an argument or local is wanted here\n"},
    {"function f(a) local a\nend", "1:21: 'a' is defined twice\n"},
    {"function f()\n.include \"lib.evs\"\nend", "2:10: .include stands outside of functions\n"},
    {"frob\nadd\npush (\n", "1:1: there is no instruction 'frob'\n3:7: a number, a name or a parenthesis is wanted here\n"},
};

static const error_row_t value_rows[] = {
    {"", "1:1: there is no code\n"},
    {"push a", "1:6: 'a' is not defined\n"},
    {"push 1 + a", "1:10: 'a' is not defined\n"},
    {"push -32769", "1:6: the value -32769 is not in -32768 to 65535\n"},
    {"push 65536", "1:6: the value 65536 is not in -32768 to 65535\n"},
    {"push 1 << 39 << 2", "1:14: the value of the expression is too large\n"},
    {"push 1 << -1", "1:8: the value of the expression is too large\n"},
    {"push 1000000 * 1000000 * 1000000", "1:24: the value of the expression is too large\n"},
    {"push 1 << 40 - 1 + 1 << 40 - 1 ", "1:8: the value of the expression is too large\n"},
    {".byte 256", "1:7: the value 256 is not in -128 to 255\n"},
    {".byte 1, -129", "1:10: the value -129 is not in -128 to 255\n"},
    {".word 65536", "1:7: the value 65536 is not in -32768 to 65535\n"},
    {".space -1\nadd", "1:8: the value -1 is not in 0 to 65535\n"},
    {".space 65535\nadd", "2:1: the program gets larger than 65535 bytes here\n"},
    {".space 65500\nadd", "1:1: no room for the stack; the program has 65501 bytes\n"},
    {"uf 16", "1:4: the value 16 is not in 0 to 15\n"},
    {"bury 6", "1:6: the value 6 is not in 0 to 5\n"},
    {"dig -1", "1:5: the value -1 is not in 0 to 5\n"},
    {"zeros 0", "1:7: the value 0 is not in 1 to 8\n"},
    {"nip 9", "1:5: the value 9 is not in 1 to 8\n"},
    {"push local 32", "1:12: the value 32 is not in 0 to 31\n"},
    {"pop arg -1", "1:9: the value -1 is not in 0 to 31\n"},
    {"load16 70000", "1:8: the value 70000 is not in -32768 to 65535\n"},
    {"jump -1", "1:6: the value -1 is not in 0 to 65535\n"},
    {".const a b\n.const b a\nadd", "1:8: the value of this constant depends on itself\n2:8: the value of this constant depends on itself\n"},
    {"add\n.memory 0", "2:9: the value 0 is not in 1 to 65536\n"},
    {".memory 65537\nadd", "1:9: the value 65537 is not in 1 to 65536\n"},
    {"add\n.entry 1", "2:8: the value 1 is not in 0 to 0\n"},
    {"add\ncg_main:", "1:1: no code stands behind cg_main\n"},
    {"add\n.export a 1", "2:9: 'a' is no label of code outside of functions\n"},
    {"add\na:\n.export a 1", "3:9: 'a' is no label of code outside of functions\n"},
    {"add\n.const a 0\n.export a 1", "3:9: 'a' is no label of code outside of functions\n"},
    {"A: add\n.export A 1", "2:9: an exported name has small letters only, and at most 255 characters\n"},
    {"a: add\n.export a 1\n.export a 1", "3:9: 'a' is exported twice\n"},
    {"a: add\n.export a", "2:9: how many arguments? Only a function knows it by itself\n"},
    {"a: add\n.export a 33", "2:11: the value 33 is not in 0 to 32\n"},
    {"function f(a)\nend\n.export f 2", "3:11: the function has 1 arguments\n"},
    {"add\n.hostcall a 65536 0 0", "2:13: the value 65536 is not in 0 to 65535\n"},
    {"add\n.hostcall a 0 65536 0", "2:15: the value 65536 is not in 0 to 65535\n"},
    {"add\n.hostcall a 0 0 65", "2:17: the value 65 is not in 0 to 64\n"},
    {"add\n.digest 1, -1", "2:12: the value -1 is not in 0 to 4294967295\n"},
    {"add\n.digest 1 0x100000000", "2:11: the value 4294967296 is not in 0 to 4294967295\n"},
    {"function f()\na: end\njump a", "3:6: 'a' is not defined\n"},
    {"b:\n.space 5 - (d - c)\nc: jump e\n.space 200\ne:\nd: push 1\n", "2:8: the value -198 is not in 0 to 65535\n"},
    {"jump e\nb: .space 131 - b - b\n.space 125\ne: add", "2:11: the size of this space depends on what it moves\n"},
};

/* Give each line the path of the text. */
static void with_path(const char *errors, char *wanted)
{
    wanted[0] = 0;
    while (*errors != 0) {
        const size_t line = strcspn(errors, "\n") + 1;
        strcat(wanted, "dir/main.evs:");
        strncat(wanted, errors, line);
        errors += line;
    }
}

static void check_rows(const error_row_t *rows, size_t count)
{
    static text_t text;
    static char wanted[TEXT_ERRORS_MAX];
    unsigned bad = 0;
    for (size_t i = 0; i < count; i++) {
        const bool good = text_assemble(&text, rows[i].source);
        text_close(&text);
        with_path(rows[i].errors, wanted);
        if (good || strcmp(text.errors, wanted) != 0) {
            print_error("%s\n-- gives\n%s-- wanted\n%s", rows[i].source, text.errors, wanted);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

static void test_syntax(void **state)
{
    (void)state;
    check_rows(syntax_rows, sizeof syntax_rows / sizeof syntax_rows[0]);
}

static void test_values(void **state)
{
    (void)state;
    check_rows(value_rows, sizeof value_rows / sizeof value_rows[0]);
}

/* Errors of included files stand at their own places. */
static void test_files(void **state)
{
    static const struct {
        const char *source;
        const char *errors;
    } rows[] = {
        {".include \"bad.evs\"", "dir/bad.evs:2:3: there is no instruction 'frob'\n"},
        {".include \"open.evs\"\nend", "dir/open.evs:1:1: this function has no 'end'\ndir/main.evs:2:1: 'end' without a function\n"},
        {".include \"nul.evs\"", "dir/nul.evs:1:1: the text holds a NUL\n"},
        {".include \"1.evs\"", "dir/16.evs:1:10: files include each other too deep\n"},
        {".include \"lib.evs\"\n.const ANSWER 1\nadd", "dir/main.evs:2:8: 'ANSWER' is defined twice\n"},
    };
    static text_t text;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(text_assemble(&text, rows[i].source));
        assert_string_equal(text.errors, rows[i].errors);
        text_close(&text);
    }
}

static void test_too_many(void **state)
{
    static text_t text;
    unsigned lines = 0;
    (void)state;
    assert_false(text_assemble(&text, "x\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\n"));
    for (const char *at = text.errors; *at != 0; at++) {
        lines += *at == '\n';
    }
    assert_int_equal(lines, EVM_ASM_ERRORS_MAX);
}

/* `first`, and so many lines after it. */
static void check_many(const char *first, const char *line, size_t count, const char *wanted)
{
    static text_t text;
    char *const source = malloc(strlen(first) + count * strlen(line) + 1);
    assert_non_null(source);
    strcpy(source, first);
    char *at = source + strlen(first);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, line, strlen(line) + 1);
        at += strlen(line);
    }
    assert_false(text_assemble(&text, source));
    assert_string_equal(text.errors, wanted);
    text_close(&text);
    free(source);
}

/* A text that is small to write and large to assemble. */
static void test_out_of_proportion(void **state)
{
    (void)state;
    check_many("add\nadd\nadd\n", ".space 65535\n", 65539, "dir/main.evs:4:8: the program gets larger than 65535 bytes here\n");
    check_many("add\na: .space b - a + 1\nb:\n", ".byte b - a\n", 3000,
               "dir/main.evs:0:0: the text takes too long: it has too many names, or its constants and sizes depend too much on each other\n");
}

/* The image is written twice, first to count: a text that takes too long only then gives none. */
static void test_too_long_while_writing(void **state)
{
    enum { LINES = 1300, LINE_MAX_ = 24 };
    static text_t text;
    char *const source = malloc((size_t)LINES * LINE_MAX_);
    size_t used = (size_t)snprintf(source, LINE_MAX_, "add\n");
    (void)state;
    for (int i = 0; i < LINES - 1; i++) {
        used += (size_t)snprintf(source + used, LINE_MAX_, ".digest 1, %d\n", i);
    }
    assert_false(text_assemble(&text, source));
    assert_null(text.bytes);
    assert_non_null(strstr(text.errors, "the text takes too long"));
    text_close(&text);
    free(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syntax), cmocka_unit_test(test_values), cmocka_unit_test(test_files), cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_out_of_proportion), cmocka_unit_test(test_too_long_while_writing),
    };
    return cmocka_run_group_tests_name("embedvm asm errors", tests, NULL, NULL);
}
