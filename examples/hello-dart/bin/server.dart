import 'dart:convert';
import 'dart:io';

/// Answers every request with a greeting, on the port that PORT names.
Future<void> main() async {
  final port = int.parse(Platform.environment['PORT'] ?? '8080');
  final server = await HttpServer.bind(InternetAddress.anyIPv4, port);
  print('Listening on port ${server.port}');
  await for (final request in server) {
    final name = request.uri.queryParameters['name'] ?? 'world';
    request.response
      ..headers.contentType = ContentType.json
      ..write(jsonEncode({'message': 'Hello, $name!', 'path': request.uri.path}));
    await request.response.close();
  }
}
