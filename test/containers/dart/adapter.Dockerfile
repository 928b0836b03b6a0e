FROM scratch
ADD lambda-adapter /
