// Stand-ins for `dart pub get`, `dart compile exe` and `dart compile kernel`, for images built without pub.dev and without
// the Dart SDK's own compiler. They say in every run that they are stand-ins. What they compile runs on a real Dart VM.
import 'dart:convert';
import 'dart:io';

const vm = '/usr/lib/dart/vm';
const packageConfig = '.dart_tool/package_config.json';

Never refuse(String message, int status) {
  stderr.writeln(message);
  exit(status);
}

/// The keys of a block mapping at the top level of a pubspec, with the rest of their line; nested lines are in [blocks].
class Pubspec {
  Pubspec(String text) {
    String? key;
    for (final line in const LineSplitter().convert(text)) {
      if (line.trim().isEmpty || line.trimLeft().startsWith('#')) continue;
      final top = RegExp(r'^([A-Za-z_]+):\s*(.*)$').firstMatch(line);
      if (top != null) {
        key = top.group(1)!;
        values[key] = top.group(2)!;
        blocks[key] = [];
      } else if (key != null && line.startsWith(' ')) {
        blocks[key]!.add(line);
      }
    }
  }
  final values = <String, String>{};
  final blocks = <String, List<String>>{};

  String get name => values['name'] ?? refuse('pubspec.yaml has no "name".', 65);

  /// Dependencies with a `path:`; any other one needs pub.dev.
  Map<String, String> get pathDependencies {
    final found = <String, String>{};
    String? package;
    for (final line in blocks['dependencies'] ?? const <String>[]) {
      final entry = RegExp(r'^  ([a-z0-9_]+):\s*(.*)$').firstMatch(line);
      final path = RegExp(r'^\s{4,}path:\s*(\S+)').firstMatch(line);
      if (entry != null) {
        package = entry.group(1)!;
        final inline = RegExp(r'^\{\s*path:\s*([^}\s]+)\s*\}').firstMatch(entry.group(2)!);
        found[package] = inline?.group(1) ?? '';
      } else if (path != null && package != null) {
        found[package] = path.group(1)!;
      }
    }
    return found;
  }
}

void pubGet() {
  final file = File('pubspec.yaml');
  if (!file.existsSync()) refuse('Could not find a file named "pubspec.yaml" in "${Directory.current.path}".', 66);
  final pubspec = Pubspec(file.readAsStringSync());
  print('Resolving dependencies... (stand-in for `dart pub get`: path dependencies only, no pub.dev)');
  final hosted = [for (final entry in pubspec.pathDependencies.entries) if (entry.value.isEmpty) entry.key];
  if (hosted.isNotEmpty) {
    refuse('The stand-in for `dart pub get` cannot reach pub.dev, which has ${hosted.join(', ')}.', 69);
  }
  final development = (pubspec.blocks['dev_dependencies'] ?? const []).length;
  if (development > 0) print('Left out by the stand-in: $development line(s) of dev_dependencies.');
  final packages = {pubspec.name: '.', ...pubspec.pathDependencies};
  Directory('.dart_tool').createSync();
  File(packageConfig).writeAsStringSync(jsonEncode({
    'configVersion': 2,
    'generator': 'stand-in',
    'packages': [
      for (final entry in packages.entries)
        {
          'name': entry.key,
          'rootUri': Directory(entry.value).absolute.uri.normalizePath().toString(),
          'packageUri': 'lib/',
          'languageVersion': '3.7',
        },
    ],
  }));
  print('Got dependencies!');
}

String? option(List<String> arguments, String short, String long) {
  for (var index = 0; index < arguments.length; index++) {
    final argument = arguments[index];
    if (argument == short || argument == long) return arguments[index + 1];
    if (argument.startsWith('$long=')) return argument.substring(long.length + 1);
  }
  return null;
}

void snapshot(String source, String output) {
  final result = Process.runSync('$vm/ld-linux.so.2', [
    '--library-path', vm, '$vm/dart',
    if (File(packageConfig).existsSync()) '--packages=$packageConfig',
    '--snapshot-kind=kernel', '--snapshot=$output', source, //
  ]);
  stdout.write(result.stdout);
  stderr.write(result.stderr);
  if (result.exitCode != 0 || !File(output).existsSync()) {
    refuse('Error: AOT compilation failed\n(stand-in for `dart compile`: the Dart VM 3.7.3 could not compile $source)', 64);
  }
}

void compile(List<String> arguments) {
  final output = option(arguments, '-o', '--output');
  final sources = arguments.where((argument) => argument.endsWith('.dart')).toList();
  if (sources.isEmpty) refuse('Missing Dart entry point.', 64);
  final source = sources.last;
  if (!File(source).existsSync()) refuse('"$source" file not found.', 64);
  if (arguments.first == 'kernel') {
    snapshot(source, output ?? source.replaceAll(RegExp(r'\.dart$'), '.dill'));
    return;
  }
  if (arguments.first != 'exe') refuse('The stand-in for `dart compile` knows exe and kernel only.', 64);
  final target = output ?? source.replaceAll(RegExp(r'\.dart$'), '.exe');
  final kernel = '$target.dill';
  Directory(File(target).parent.path).createSync(recursive: true);
  snapshot(source, kernel);
  const libraries = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0'];
  final parts = ['$vm/ld-linux.so.2', for (final library in libraries) '$vm/$library', '$vm/dart', kernel];
  final executable = File(target).openSync(mode: FileMode.write);
  final sizes = StringBuffer();
  for (final path in ['/usr/lib/dart/launcher', ...parts]) {
    final bytes = File(path).readAsBytesSync();
    executable.writeFromSync(bytes);
    if (path != '/usr/lib/dart/launcher') sizes.write('${bytes.length} ');
  }
  executable
    ..writeStringSync('$sizes')
    ..writeStringSync('${sizes.length}'.padLeft(8, '0'))
    ..closeSync();
  File(kernel).deleteSync();
  Process.runSync('chmod', ['755', target]);
  print('Generated: ${File(target).absolute.path} (stand-in for `dart compile exe`: Dart VM 3.7.3, not AOT)');
}

void main(List<String> arguments) {
  switch (arguments) {
    case ['pub', 'get' || 'upgrade', ...]:
      pubGet();
    case ['compile', final kind, ...final rest]:
      compile([kind, ...rest]);
    default:
      refuse('The stand-in for `dart` knows pub get, compile exe, compile kernel and running a program; '
          'not `dart ${arguments.join(' ')}`.', 64);
  }
}
