# SPDX-License-Identifier: BSD-2-Clause
"""emit_host.py - the host functions of the set, generated: each prints what it sees and gives what the vector's reply holds. C text, from the model alone."""
from values import leaves

OBJECTS = {"contract.thing": "things", "contract.other": "others", "contract.dial": "dials", "bell.bell": "bells", "vectors.source": "sources"}


def c_type(type_):
    plain = {"bool": "bool", "f32": "float", "f64": "double"}
    if type_.kind in ("int", "bool", "float"):
        return plain.get(type_.name) or f"{'int' if type_.signed else 'uint'}{type_.bits}_t"
    if type_.kind == "handle":
        return f"{'cg_contract_dial_t' if 'record' in type_.named else f'struct host_{type_.api.name}_{type_.name}'} *"
    return f"cg_{type_.api.name}_{type_.name}_t"


def parameters(item):
    type_, name, out = item.type, item.name, item.direction != "in"
    if type_.kind == "bytes":
        return [f"cg_buffer_t *{name}" if out else f"cg_bytes_t {name}"]
    if type_.kind == "string":
        return [f"cg_text_buffer_t *{name}" if out else f"cg_text_t {name}"]
    if type_.kind == "list":
        element = c_type(type_.element)
        return [f"{element} *{name}", f"uint32_t {name}_capacity", f"uint32_t *{name}_count"] if out else [f"const {element} *{name}", f"uint32_t {name}_count"]
    if type_.kind == "record" and not out:
        return [f"const {c_type(type_)} *{name}"]
    star = "*" if out else ""
    if type_.optional and type_.is_scalar:
        return [f"bool {star}has_{name}", f"{c_type(type_)} {star}{name}"]
    return [f"{c_type(type_)}{'' if c_type(type_).endswith('*') else ' '}{star}{name}"]


def say_scalar(type_, before, value):
    if type_.kind == "float":
        return f"say_bits(host, {before}, bits_{type_.name}({value}));"
    return f"say_{'signed' if type_.signed else 'unsigned'}(host, {before}, {value});"


def say_record(type_, before, value, plan):
    lines = [f"say(host, {before});"]
    for i, (path, kind, _, _) in enumerate(leaves(type_, plan)):
        member = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        lines.append(say_scalar(kind, '"{"' if i == 0 else '" "', value + member))
    return lines + ['say(host, "}");']


def object_number(type_, pointer):
    array = OBJECTS[f"{type_.api.name}.{type_.name}"]
    return f"{pointer} == NULL ? 0 : (uint64_t)({pointer} - host->{array}) + 1"


def say_list(type_, name, count, plan):
    one = say_record(type_.element, '""', f"{name}[i]", plan) if type_.element.kind == "record" else [say_scalar(type_.element, '""', f"{name}[i]")]
    return ['say(host, "[");', f"for (uint32_t i = 0; i < {count}; i++) {{", '    say(host, i == 0 ? "" : " ");'] + ["    " + line for line in one] + ["}", 'say(host, "]");']


def say_item(item, before, plan):
    type_, name, out = item.type, item.name, item.direction != "in"
    if type_.kind in ("bytes", "string"):
        member, size = ("bytes", "size") if type_.kind == "bytes" else ("text", "size")
        lines = [f"say_bytes(host, {before}, {name}{'->' if out else '.'}{member}, {name}{'->count' if out else '.' + size});"]
    elif type_.kind == "list":
        lines = [f"say(host, {before});"] + say_list(type_, name, f"*{name}_count" if out else f"{name}_count", plan)
    elif type_.kind == "record":
        return say_record(type_, before, f"(*{name})", plan)
    elif type_.kind == "handle":
        return [f"say(host, {before});", f'say_unsigned(host, "#", {object_number(type_, name)});']
    elif type_.optional:
        return [f"if (has_{name}) {{", "    " + say_scalar(type_, before, name), "} else {", f"    say(host, {before});", '    say(host, "-");', "}"]
    else:
        return [say_scalar(type_, before, name)]
    if not out:
        return lines
    if item.direction == "out":
        lines = [f"say(host, {before});"]
    capacity = f"{name}_capacity" if type_.kind == "list" else f"{name}->capacity"
    return lines + [f'say_unsigned(host, "/", {capacity});']


def take_scalar(type_):
    if type_.kind == "float":
        return f"reply_{type_.name}(host)"
    number = f"reply_number(host, {type_.bits // 8})"
    return f"{number} != 0" if type_.kind == "bool" else f"({c_type(type_)}){number}"


def take_record(type_, target, plan):
    lines = []
    for path, kind, _, _ in leaves(type_, plan):
        member = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        lines.append(f"{target}{member} = {take_scalar(kind)};")
    return lines


def take_buffer(item, plan):
    type_, name = item.type, item.name
    capacity = f"{name}_capacity" if type_.kind == "list" else f"{name}->capacity"
    lines = [f"if (!reply_count(host, {capacity}, &claim, &here)) {{", "    return CG_ERR_SPACE;", "}", "for (uint32_t i = 0; i < here; i++) {"]
    if type_.kind == "list":
        target = f"{name}[i]"
        lines += ["    " + line for line in (take_record(type_.element, target, plan) if type_.element.kind == "record" else [f"{target} = {take_scalar(type_.element)};"])]
    else:
        member, cast = ("bytes", "uint8_t") if type_.kind == "bytes" else ("text", "char")
        lines.append(f"    {name}->{member}[i] = ({cast})reply_number(host, 1);")
    return lines + ["}", f"*{name}_count = claim;" if type_.kind == "list" else f"{name}->count = claim;"]


def take_item(item, plan):
    type_, name = item.type, item.name
    if type_.is_buffer:
        return take_buffer(item, plan)
    if type_.kind == "record":
        return [f"memset({name}, 0xee, sizeof *{name});"] + take_record(type_, f"(*{name})", plan)
    if type_.kind == "handle":
        array = OBJECTS[f"{type_.api.name}.{type_.name}"]
        return ["here = (uint32_t)reply_number(host, 1);", f"*{name} = here == 0 ? NULL : &host->{array}[here - 1];"]
    lines = [f"*has_{name} = reply_number(host, 1) != 0;"] if type_.optional else []
    return lines + [f"*{name} = {take_scalar(type_)};"]


def function(call, planned, plan):
    is_value = plain_result(call)
    outs = [item for item in call.items if item.direction != "in"]
    ins = ", ".join(["cg_call_t *call"] + [text for item in call.items if not (is_value and item.direction == "out") for text in parameters(item)])
    head = f"{c_type(outs[0].type) + ' ' if is_value else 'int '}host_{call.api.name}_{call.name}({ins})"
    lines = ["cg_host_t *host = cg_call_host(call);", f'say(host, " {call.name}");']
    first = True
    for item in call.items:
        if item.direction != "out" or item.type.is_buffer:
            lines += say_item(item, '"("' if first else '","', plan)
            first = False
    lines.append('say(host, "()");' if first else 'say(host, ")");')
    if is_value:
        lines += ["(void)reply_error(host);", f"return {take_scalar(outs[0].type)};"]
        return head, lines
    if any(item.type.is_buffer for item in outs):
        lines.append("uint32_t claim;")
    if any(item.type.is_buffer or item.type.kind == "handle" for item in outs):
        lines.append("uint32_t here;")
    lines += ["const int error = reply_error(host);", "if (error != 0) {", "    return error;", "}"]
    for item in outs:
        lines += take_item(item, plan)
    return head, lines + ["return 0;"]


def plain_result(call):
    """Does the host function return its one result itself? As the generator decides it, without any VM."""
    outs = [item for item in call.items if item.direction != "in"]
    plain = all(item.type.kind in ("int", "float") and not item.type.optional and not item.range and not item.guard for item in call.items if item.direction == "in")
    return len(outs) == 1 and outs[0].direction == "out" and outs[0].type.is_scalar and not outs[0].type.optional and not call.has_fails and plain


def release(api, name, array):
    return [f"void host_{api}_{name}_release(cg_host_t *host, struct host_{api}_{name} *{name})", "{",
            f'    say_unsigned(host, " ~", (uint64_t)({name} - host->{array}) + 1);', "}", ""]


def post(event, index, plan):
    lines, arguments = [f"    case {index}: {{"], []
    for item in event.data:
        type_ = item.type
        lines.append(f"        {c_type(type_)} {item.name};")
        if type_.kind == "record":
            lines.append(f"        memset(&{item.name}, 0xee, sizeof {item.name});")
            lines += ["        " + line for line in take_record(type_, item.name, plan)]
        else:
            lines.append(f"        {item.name} = {take_scalar(type_)};")
        arguments.append(("&" if type_.kind == "record" else "") + item.name)
    array = OBJECTS[f"{event.api}.{event.source}"]
    return lines + [f"        return cg_post_{event.api}_{event.name}({', '.join(['host->guest', f'&host->{array}[source - 1]'] + arguments)});", "    }"]


def posts(apis, plan):
    events = [event for api in apis.values() for event in api.events.values()]
    lines = ["cg_post_t event_post(cg_host_t *host, uint32_t event)", "{", "    const uint64_t source = reply_number(host, 1);", "    switch (event) {"]
    for index, event in enumerate(events):
        lines += post(event, index, plan)
    return lines + ["    default:", "        return CG_POST_CLOSED;", "    }", "}", ""]


def write(apis, plan):
    lines = ["/* Generated by test/vectors/make.py. Do not edit. */", '#include "host.h"', "", "#include <string.h>", ""]
    for api in apis.values():
        for call in api.calls.values():
            if api.id == 0 or call.accessor or call.full in ("vectors.next", "vectors.tell"):
                continue
            head, body = function(call, plan.calls[call.full], plan)
            lines += [head, "{"] + ["    " + line for line in body] + ["}", ""]
    lines += release("contract", "thing", "things") + release("bell", "bell", "bells") + release("vectors", "source", "sources") + posts(apis, plan)
    lines += ["uint16_t host_vectors_next(cg_call_t *call, uint32_t at)", "{", "    cg_host_t *host = cg_call_host(call);", "    return host->next(host, at);", "}", "",
              "int host_vectors_tell(cg_call_t *call, uint64_t letters)", "{", "    cg_host_t *host = cg_call_host(call);", "    return host->tell != NULL ? host->tell(host, letters) : CG_ERR_DENIED;", "}"]
    return "\n".join(lines) + "\n"
